ip netns exec router nft -f - <<'RULES'
table ip filter {
  chain forward {
    type filter hook forward priority 0;
    ip daddr 10.3.0.2 tcp dport 80 counter drop
  }
}
RULES
