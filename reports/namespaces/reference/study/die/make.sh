ip tuntap add dev tap0 mode tap
ip link add veth0 type veth peer name veth1
ip netns add ns0
ip netns add ns1
ip link set tap0 netns ns0
ip link set veth0 netns ns0
ip link set veth1 netns ns1
ip -n ns0 link set tap0 up
ip -n ns0 link set veth0 up
ip -n ns1 link set veth1 up
