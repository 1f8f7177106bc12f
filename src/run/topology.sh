# rf_topology: looks at the network of every namespace, by commands that are traced like those of a study.
# `ip -n` needs iproute2 of 2015 or later; `ip netns list-id` tells how a namespace calls the others (link-netnsid N).
# On a machine of the user's the plan has another rf_topology (plan.ts).
rf_topology() {
  rf_command 'ip netns list'
  rf_command 'ip -d address'
  rf_command 'ip route'
  rf_command 'ip netns list-id'
  for rf_namespace in /run/netns/*; do
    [ -e "$rf_namespace" ] || continue
    rf_look_into "${rf_namespace##*/}"
  done
}

# rf_look_into NAMESPACE
rf_look_into() {
  rf_command "ip -n $1 -d address"
  rf_command "ip -n $1 route"
  rf_command "ip -n $1 netns list-id"
}
