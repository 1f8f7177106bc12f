# Section 2.1, step 1: the tap devices, the namespaces, and each tap into its namespace.
ip tuntap add dev tap0 mode tap
ip tuntap add dev tap1 mode tap
ip netns add ns0
ip netns add ns1
ip link set tap0 netns ns0
ip link set tap1 netns ns1
