ip -n ns0 address add 10.1.2.1/24 dev veth0
ip -n ns1 address add 10.1.2.2/24 dev veth1
