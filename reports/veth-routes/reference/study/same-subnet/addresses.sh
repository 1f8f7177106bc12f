ip -n ns0 address add 10.1.1.3/24 dev veth0
ip -n ns1 address add 10.1.1.4/24 dev veth1
