# rf_topology: looks at the network of every namespace, by commands that are traced like those of a study.
# `ip -n` needs iproute2 of 2015 or later; `ip netns list-id` tells how a namespace calls the others (link-netnsid N).
rf_topology() {
  rf_command 'ip netns list'
  rf_command 'ip -d address'
  rf_command 'ip route'
  rf_command 'ip netns list-id'
  for rf_namespace in /run/netns/*; do
    [ -e "$rf_namespace" ] || continue
    rf_namespace=${rf_namespace##*/}
    rf_command "ip -n $rf_namespace -d address"
    rf_command "ip -n $rf_namespace route"
    rf_command "ip -n $rf_namespace netns list-id"
  done
}
