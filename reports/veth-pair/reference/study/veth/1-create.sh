# Section 2.2, step 1: the veth pair, one end into each namespace; then both are started.
ip link add veth0 type veth peer name veth1
ip link set veth0 netns ns0
ip link set veth1 netns ns1
ip netns exec ns0 ip link set veth0 up
ip netns exec ns1 ip link set veth1 up
