# Refigure's own probes: what it asks of every guest. Each command is traced like those of a study; its ID says what it asks,
# and it is by that ID that src/evidence reads the answer.

# rf_topology: looks at the network of every namespace. `ip -n` needs iproute2 of 2015 or later; `ip netns list-id` tells how a
# namespace calls the others (link-netnsid N). On a machine of the user's the plan has another rf_topology (probes.ts).
rf_topology() {
  rf_probe namespaces 'ip netns list'
  rf_probe address 'ip -d address'
  rf_probe routes 'ip route'
  rf_probe ids 'ip netns list-id'
  for rf_namespace in /run/netns/*; do
    [ -e "$rf_namespace" ] || continue
    rf_look_into "${rf_namespace##*/}"
  done
}

# rf_look_into NAMESPACE
rf_look_into() {
  rf_word "$1"
  rf_probe "address $1" "ip -n $rf_quoted -d address"
  rf_probe "routes $1" "ip -n $rf_quoted route"
  rf_probe "ids $1" "ip -n $rf_quoted netns list-id"
}

# rf_facts: asks the guest what it is, once after the experiments.
rf_facts() {
  rf_probe system 'cat /etc/os-release'
  rf_probe kernel 'uname -srvm'
  rf_probe iproute2 'ip -V'
  rf_probe iputils 'ping -V'
  rf_probe sshd 'sshd -V || dropbear -V'
  rf_probe cpu "grep -m1 '^model name' /proc/cpuinfo"
  rf_probe image 'cat /etc/refigure-image'
}

# rf_probe 'ID [NAMESPACE]' TEXT
rf_probe() {
  rf_command "$1" "$2" "$rf_probe_limit"
}

# rf_word TEXT: sets rf_quoted to TEXT as one word of a command line.
rf_word() {
  case $1 in
    *[!A-Za-z0-9_.-]*) ;;
    *)
      rf_quoted=$1
      return
      ;;
  esac
  rf_left=$1
  rf_quoted="'"
  while :; do
    case $rf_left in
      *\'*)
        rf_quoted="$rf_quoted${rf_left%%\'*}'\\''"
        rf_left=${rf_left#*\'}
        ;;
      *) break ;;
    esac
  done
  rf_quoted="$rf_quoted$rf_left'"
}
