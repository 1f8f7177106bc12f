ip netns exec router nft add rule ip nat prerouting iifname to-client tcp dport 8080 dnat to 10.3.0.2:80
