# What Refigure asks of every guest after the experiments. Each command is traced like those of a study.
cat /etc/os-release
uname -srvm
ip -V
ping -V
sshd -V || dropbear -V
grep -m1 '^model name' /proc/cpuinfo
cat /etc/refigure-image
