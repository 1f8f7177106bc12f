ip netns del ns0
ip netns del ns1
