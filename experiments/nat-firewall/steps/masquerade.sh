ip netns exec router nft -f - <<'RULES'
table ip nat {
  chain prerouting { type nat hook prerouting priority dstnat; }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    iifname "to-client" masquerade
  }
}
RULES
