#!/bin/sh
# Two namespaces, joined by a veth pair.
ip netns add a
ip netns add b
ip link add va netns a type veth peer name vb netns b
ip -n a address add 10.9.0.1/24 dev va
ip -n b address add 10.9.0.2/24 dev vb
ip -n a link set va up
ip -n b link set vb up
ip netns del none
