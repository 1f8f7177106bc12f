ip netns exec ns0 sysctl -w net.ipv4.conf.all.ignore_routes_with_linkdown=1
ip netns exec ns1 sysctl -w net.ipv4.conf.all.ignore_routes_with_linkdown=1
