/*
 * The guest's /init: the first program that the kernel starts. It has eight parts.
 *
 *   /init        mounts the file systems and becomes the script /usr/lib/refigure/init (guest/init).
 *                Programs and libraries lie in a squashfs image that is read piece by piece as they
 *                are used; unpacking all of them at boot would take seconds in an emulator.
 *   /init loopback   sets lo up.
 *   /init network CARD ADDRESS   what `ip` would do for the script in a quarter of a second: it sets lo and the card
 *                up, gives the card the address, and routes the address's /24 over it.
 *   /init hold   says `held` on the console, waits for a line there and prints it. The line is not echoed: it has keys.
 *   /init renew SEED [CLOCK]   gives the kernel's random pool the bytes of SEED as entropy, draws from them at once,
 *                and sets the clock (s since 1970): what a machine lacks that is resumed from a saved state.
 *   /init load BYTES   reads so many bytes, of any value, from the console and prints them. It says on the console each
 *                time that it has read another 32 KiB, since what types has to wait then.
 *   /init frame PORT CHANNEL   writes its input to a port that several write to at once, in frames: the channel and the
 *                length, each in two bytes, the low one first; then the bytes.
 *   /init reap [COMMAND…]   what that script becomes in the end: it starts the command, reaps orphans and obeys reboot,
 *                poweroff and halt, in a few kilobytes of memory.
 *
 * In C, because each process started by a script costs tens of milliseconds in an emulator, and
 * without a C library, because it is needed before there is one.
 */

/* System calls of 32-bit x86, and the constants they take. */
enum {
	SYS_exit = 1, SYS_fork = 2, SYS_read = 3, SYS_write = 4, SYS_open = 5, SYS_execve = 11, SYS_mount = 21, SYS_pause = 29,
	SYS_access = 33, SYS_sync = 36, SYS_mkdir = 39, SYS_ioctl = 54, SYS_setsid = 66, SYS_settimeofday = 79,
	SYS_symlink = 83,
	SYS_reboot = 88, SYS_wait4 = 114, SYS_rt_sigprocmask = 175, SYS_rt_sigtimedwait = 177, SYS_socket = 359,
};
enum { O_RDONLY = 0, O_RDWR = 2, O_NOCTTY = 0400 };
enum { MS_RDONLY = 1, MS_NOSUID = 2, MS_NODEV = 4, MS_NOEXEC = 8 };
enum { EINTR = 4 };
enum { SIGUSR1 = 10, SIGUSR2 = 12, SIGTERM = 15, SIGCHLD = 17, SIG_BLOCK = 0, WNOHANG = 1 };
#define REBOOT_MAGIC1 0xfee1dead
#define REBOOT_MAGIC2 0x28121969
#define REBOOT_RESTART 0x01234567
#define REBOOT_HALT 0xcdef0123
#define REBOOT_POWER_OFF 0x4321fedc

/* linux/loop.h */
enum { LOOP_CONFIGURE = 0x4c0a };
struct loop_config {
	unsigned int file, block_size;
	unsigned char info[232]; /* struct loop_info64 */
	unsigned long long reserved[8];
};

static long call(long number, long a, long b, long c, long d, long e)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return result;
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static void say(long console, const char *text)
{
	long length = 0;
	while (text[length])
		length++;
	call(SYS_write, console, (long)text, length, 0, 0);
}

/* Says on the console what failed, in the form of the boot contract, and stays. */
static void fault(const char *what)
{
	long console = call(SYS_open, (long)"/dev/ttyS0", O_RDWR, 0, 0, 0);
	if (console < 0)
		console = 1;
	say(console, "refigure-guest: fault early boot: ");
	say(console, what);
	say(console, "\n");
	for (;;)
		call(SYS_pause, 0, 0, 0, 0, 0);
}

static void mount(const char *type, const char *source, const char *target, long flags, const char *options)
{
	if (call(SYS_mount, (long)source, (long)target, (long)type, flags, (long)options) < 0)
		fault(target);
}

static void symlink(const char *target, const char *path)
{
	if (call(SYS_symlink, (long)target, (long)path, 0, 0, 0) < 0)
		fault(path);
}

static void mount_usr(void)
{
	static struct loop_config config; /* all zero: the whole file, no flags */
	long image = call(SYS_open, (long)"/usr.squashfs", O_RDONLY, 0, 0, 0);
	long loop = call(SYS_open, (long)"/dev/loop0", O_RDONLY, 0, 0, 0);
	if (image < 0 || loop < 0)
		fault("/usr.squashfs or /dev/loop0 cannot be opened");
	config.file = image;
	if (call(SYS_ioctl, loop, LOOP_CONFIGURE, (long)&config, 0, 0) < 0)
		fault("/usr.squashfs cannot be attached to /dev/loop0");
	mount("squashfs", "/dev/loop0", "/usr", MS_RDONLY | MS_NODEV, 0);
}

static void boot(void)
{
	static char *const arguments[] = { "init", 0 };
	static char *const environment[] = { "HOME=/root", "TERM=linux", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0 };

	mount("devtmpfs", "dev", "/dev", MS_NOSUID, "mode=755");
	mount_usr();
	mount("proc", "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
	mount("sysfs", "sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
	mount("tmpfs", "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755");
	mount("tmpfs", "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777");
	call(SYS_mkdir, (long)"/run/netns", 0755, 0, 0, 0);
	call(SYS_mkdir, (long)"/dev/pts", 0755, 0, 0, 0);
	mount("devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
	call(SYS_mkdir, (long)"/dev/shm", 0755, 0, 0, 0);
	mount("tmpfs", "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777");
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");

	call(SYS_execve, (long)"/usr/lib/refigure/init", (long)arguments, (long)environment, 0, 0);
	fault("/usr/lib/refigure/init cannot be run");
}

/* linux/if.h, linux/netlink.h, linux/rtnetlink.h, linux/if_addr.h */
enum { AF_INET = 2, AF_NETLINK = 16, SOCK_DGRAM = 2, SOCK_RAW = 3, IFF_UP = 1 };
enum { SIOCGIFFLAGS = 0x8913, SIOCSIFFLAGS = 0x8914, SIOCGIFINDEX = 0x8933 };
enum { RTM_NEWADDR = 20, RTM_NEWROUTE = 24, NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_EXCL = 0x200,
       NLM_F_CREATE = 0x400 };
enum { IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_FLAGS = 8, IFA_F_NOPREFIXROUTE = 0x200 };
enum { RTA_DST = 1, RTA_OIF = 4, RTA_PREFSRC = 7, RTA_METRICS = 8, RTAX_QUICKACK = 15 };
enum { RT_TABLE_MAIN = 254, RTPROT_KERNEL = 2, RT_SCOPE_LINK = 253, RTN_UNICAST = 1 };
struct header {
	unsigned int length;
	unsigned short type, flags;
	unsigned int sequence, port;
};
struct attribute {
	unsigned short length, type;
	unsigned int value;
};
struct interface_request {
	char name[16];
	union {
		short flags;
		int index;
		char room[16];
	};
};

static void give_up(const char *what)
{
	say(2, what);
	say(2, " failed\n");
	call(SYS_exit, 1, 0, 0, 0, 0);
}

/* Returns the interface's index. */
static int set_up(long socket, const char *name)
{
	struct interface_request request = { 0 };
	for (int at = 0; name[at] && at < 15; at++)
		request.name[at] = name[at];
	if (call(SYS_ioctl, socket, SIOCGIFFLAGS, (long)&request, 0, 0) < 0)
		give_up(name);
	request.flags |= IFF_UP;
	if (call(SYS_ioctl, socket, SIOCSIFFLAGS, (long)&request, 0, 0) < 0)
		give_up(name);
	if (call(SYS_ioctl, socket, SIOCGIFINDEX, (long)&request, 0, 0) < 0)
		give_up(name);
	return request.index;
}

/* The bytes of a.b.c.d in the order in which they stand, which is that of the network. */
static unsigned int parse_address(const char *text)
{
	unsigned int address = 0, byte = 0, shift = 0;
	for (; *text; text++) {
		if (*text == '.') {
			address |= byte << shift;
			byte = 0;
			shift += 8;
		} else
			byte = byte * 10 + (*text - '0');
	}
	return address | byte << shift;
}

static void ask_kernel(long netlink, void *message, unsigned int length, const char *what)
{
	struct {
		struct header header;
		int error;
		char request[128];
	} answer = { 0 };
	((struct header *)message)->length = length;
	((struct header *)message)->flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;
	if (call(SYS_write, netlink, (long)message, length, 0, 0) < 0 ||
	    call(SYS_read, netlink, (long)&answer, sizeof(answer), 0, 0) < 0 || answer.error)
		give_up(what);
}

static void loopback(void)
{
	set_up(call(SYS_socket, AF_INET, SOCK_DGRAM, 0, 0, 0), "lo");
	call(SYS_exit, 0, 0, 0, 0, 0);
}

/* As `ip`: link set lo up; link set CARD up; address add ADDRESS/24 dev CARD noprefixroute; route add NETWORK/24 dev
 * CARD proto kernel scope link src ADDRESS quickack 1. */
static void network(const char *card, const char *text)
{
	unsigned int address = parse_address(text);
	long socket = call(SYS_socket, AF_INET, SOCK_DGRAM, 0, 0, 0);
	long netlink = call(SYS_socket, AF_NETLINK, SOCK_RAW, 0, 0, 0);
	set_up(socket, "lo");
	unsigned int index = set_up(socket, card);
	struct {
		struct header header;
		unsigned char family, prefix, flags, scope;
		unsigned int index;
		struct attribute local, address, more_flags;
	} new_address = {
		{ .type = RTM_NEWADDR }, AF_INET, 24, 0, 0, index,
		{ 8, IFA_LOCAL, address }, { 8, IFA_ADDRESS, address }, { 8, IFA_FLAGS, IFA_F_NOPREFIXROUTE },
	};
	ask_kernel(netlink, &new_address, sizeof(new_address), "the address");
	struct {
		struct header header;
		unsigned char family, destination, source, tos, table, protocol, scope, type;
		unsigned int flags;
		struct attribute network, card, preferred;
		unsigned short metrics_length, metrics;
		struct attribute quickack;
	} new_route = {
		{ .type = RTM_NEWROUTE }, AF_INET, 24, 0, 0, RT_TABLE_MAIN, RTPROT_KERNEL, RT_SCOPE_LINK, RTN_UNICAST, 0,
		{ 8, RTA_DST, address & 0x00ffffff }, { 8, RTA_OIF, index }, { 8, RTA_PREFSRC, address },
		4 + 8, RTA_METRICS, { 8, RTAX_QUICKACK, 1 },
	};
	ask_kernel(netlink, &new_route, sizeof(new_route), "the route");
	call(SYS_exit, 0, 0, 0, 0, 0);
}

/* asm-generic/termbits.h */
enum { TCGETS = 0x5401, TCSETS = 0x5402, OPOST = 0x1, ECHO = 0x8, VTIME = 5, VMIN = 6 };
struct terminal_settings {
	unsigned int input, output, control, local;
	unsigned char discipline, characters[19];
};

static long open_terminal(const char *path, struct terminal_settings *settings)
{
	long terminal = call(SYS_open, (long)path, O_RDWR | O_NOCTTY, 0, 0, 0);
	if (terminal < 0 || call(SYS_ioctl, terminal, TCGETS, (long)settings, 0, 0) < 0)
		give_up(path);
	return terminal;
}

static void hold(void)
{
	static char line[4096]; /* as long as a terminal's line can be */
	struct terminal_settings settings;
	long console = open_terminal("/dev/ttyS0", &settings);
	settings.local &= ~ECHO;
	call(SYS_ioctl, console, TCSETS, (long)&settings, 0, 0);
	say(console, "refigure-guest: held\n");
	long length = call(SYS_read, console, (long)line, sizeof(line), 0, 0);
	if (length <= 0)
		give_up("reading the console");
	call(SYS_write, 1, (long)line, length, 0, 0);
	call(SYS_exit, 0, 0, 0, 0, 0);
}

static unsigned int parse_number(const char *text)
{
	unsigned int number = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (*text - '0');
	return number;
}

/* Writes all of it; gives up where that cannot be. */
static void write_all(long file, const char *bytes, long length)
{
	while (length > 0) {
		long written = call(SYS_write, file, (long)bytes, length, 0, 0);
		if (written == -EINTR)
			continue;
		if (written <= 0)
			give_up("writing");
		bytes += written;
		length -= written;
	}
}

static void load(const char *text)
{
	enum { piece = 32768 };
	static char bytes[piece];
	struct terminal_settings settings;
	long console = open_terminal("/dev/ttyS0", &settings);
	struct terminal_settings raw = settings;
	long left = parse_number(text), since = 0;
	raw.input = 0;
	raw.local = 0;
	raw.characters[VMIN] = 1;
	raw.characters[VTIME] = 0;
	call(SYS_ioctl, console, TCSETS, (long)&raw, 0, 0);
	say(console, "refigure-guest: loading\n");
	while (left > 0) {
		long most = left < piece - since ? left : piece - since;
		long length = call(SYS_read, console, (long)bytes, most, 0, 0);
		if (length <= 0)
			give_up("reading the console");
		write_all(1, bytes, length);
		left -= length;
		since += length;
		if (since == piece) {
			say(console, "refigure-guest: more\n");
			since = 0;
		}
	}
	call(SYS_ioctl, console, TCSETS, (long)&settings, 0, 0);
	call(SYS_exit, 0, 0, 0, 0, 0);
}

/* One write is one frame, and no other one comes in between: a terminal takes one write after another (tty_io.c). */
static void frame(const char *path, const char *channel)
{
	enum { header = 4, most = 16384 };
	static unsigned char buffer[header + most];
	struct terminal_settings settings;
	long port = open_terminal(path, &settings);
	unsigned int number = parse_number(channel);
	settings.output &= ~OPOST;
	settings.local &= ~ECHO;
	call(SYS_ioctl, port, TCSETS, (long)&settings, 0, 0);
	for (;;) {
		long length = call(SYS_read, 0, (long)(buffer + header), most, 0, 0);
		if (length == -EINTR)
			continue;
		if (length <= 0)
			break;
		buffer[0] = number;
		buffer[1] = number >> 8;
		buffer[2] = length;
		buffer[3] = length >> 8;
		write_all(port, (char *)buffer, header + length);
	}
	call(SYS_exit, 0, 0, 0, 0, 0);
}

/* linux/random.h */
enum { RNDADDENTROPY = 0x40085203, RNDRESEEDCRNG = 0x5207 };

static void renew(const char *seed, const char *clock)
{
	static struct {
		int entropy_bits, bytes;
		char buffer[256];
	} pool;
	for (; seed[pool.bytes] && pool.bytes < (int)sizeof(pool.buffer); pool.bytes++)
		pool.buffer[pool.bytes] = seed[pool.bytes];
	pool.entropy_bits = pool.bytes * 4; /* hexadecimal digits */
	long random = call(SYS_open, (long)"/dev/urandom", O_RDWR, 0, 0, 0);
	if (random < 0 || call(SYS_ioctl, random, RNDADDENTROPY, (long)&pool, 0, 0) < 0)
		give_up("adding to the random pool");
	call(SYS_ioctl, random, RNDRESEEDCRNG, 0, 0, 0); /* fails where nothing was drawn yet, and nothing need be renewed */
	if (*clock) {
		struct {
			long seconds, microseconds;
		} time = { parse_number(clock), 0 };
		if (call(SYS_settimeofday, (long)&time, 0, 0, 0, 0) < 0)
			give_up("setting the clock");
	}
	call(SYS_exit, 0, 0, 0, 0, 0);
}

/* busybox's reboot, poweroff and halt send these signals to process 1. */
static void reap(char **command)
{
	/* Without ACPI this is v86, which breaks down when the machine resets itself: halt instead. */
	int has_acpi = call(SYS_access, (long)"/sys/firmware/acpi", 0, 0, 0, 0) == 0;
	unsigned long restart = has_acpi ? REBOOT_RESTART : REBOOT_HALT;
	static char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0 };
	if (*command && call(SYS_fork, 0, 0, 0, 0, 0) == 0) {
		call(SYS_setsid, 0, 0, 0, 0, 0);
		call(SYS_execve, (long)*command, (long)command, (long)environment, 0, 0);
		give_up(*command);
	}
	unsigned long long signals =
		1ull << (SIGCHLD - 1) | 1ull << (SIGTERM - 1) | 1ull << (SIGUSR1 - 1) | 1ull << (SIGUSR2 - 1);
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&signals, 0, sizeof(signals), 0);
	for (;;) {
		while (call(SYS_wait4, -1, 0, WNOHANG, 0, 0) > 0)
			;
		long signal = call(SYS_rt_sigtimedwait, (long)&signals, 0, 0, sizeof(signals), 0);
		unsigned long what = signal == SIGTERM ? restart
			: signal == SIGUSR1 ? REBOOT_HALT : signal == SIGUSR2 ? REBOOT_POWER_OFF : 0;
		if (what) {
			call(SYS_sync, 0, 0, 0, 0, 0);
			call(SYS_reboot, REBOOT_MAGIC1, REBOOT_MAGIC2, what, 0, 0);
		}
	}
}

/* The kernel leaves the number of arguments and the arguments themselves on the stack. */
__attribute__((used)) static void start(long *stack)
{
	char **arguments = (char **)(stack + 1);
	if (stack[0] > 1 && same(arguments[1], "reap"))
		reap(arguments + 2);
	if (stack[0] > 1 && same(arguments[1], "loopback"))
		loopback();
	if (stack[0] > 3 && same(arguments[1], "network"))
		network(arguments[2], arguments[3]);
	if (stack[0] > 1 && same(arguments[1], "hold"))
		hold();
	if (stack[0] > 2 && same(arguments[1], "load"))
		load(arguments[2]);
	if (stack[0] > 3 && same(arguments[1], "frame"))
		frame(arguments[2], arguments[3]);
	if (stack[0] > 2 && same(arguments[1], "renew"))
		renew(arguments[2], stack[0] > 3 ? arguments[3] : "");
	boot();
}

__asm__(".globl _start\n_start:\n\tmovl %esp, %eax\n\tandl $-16, %esp\n\tsubl $12, %esp\n\tpushl %eax\n\tcall start\n");
