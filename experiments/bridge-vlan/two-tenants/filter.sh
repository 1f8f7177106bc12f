ip link set br0 type bridge vlan_filtering 1
bridge vlan del dev red1-p vid 1
bridge vlan add dev red1-p vid 10 pvid untagged
bridge vlan del dev red2-p vid 1
bridge vlan add dev red2-p vid 10 pvid untagged
bridge vlan del dev blue1-p vid 1
bridge vlan add dev blue1-p vid 20 pvid untagged
