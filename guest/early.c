/*
 * The guest's /init: the first program that the kernel starts. It has two parts.
 *
 *   /init        mounts the file systems and becomes the script /usr/lib/refigure/init (guest/init).
 *                Programs and libraries lie in a squashfs image that is read piece by piece as they
 *                are used; unpacking all of them at boot would take seconds in an emulator.
 *   /init reap   what that script becomes in the end: it reaps orphans and obeys reboot, poweroff
 *                and halt, in a few kilobytes of memory.
 *
 * In C, because each process started by a script costs tens of milliseconds in an emulator, and
 * without a C library, because it is needed before there is one.
 */

/* System calls of 32-bit x86, and the constants they take. */
enum {
	SYS_write = 4, SYS_open = 5, SYS_execve = 11, SYS_mount = 21, SYS_pause = 29, SYS_access = 33, SYS_sync = 36, SYS_mkdir = 39,
	SYS_ioctl = 54, SYS_reboot = 88, SYS_wait4 = 114, SYS_rt_sigprocmask = 175, SYS_rt_sigtimedwait = 177,
};
enum { O_RDONLY = 0, O_RDWR = 2 };
enum { MS_RDONLY = 1, MS_NOSUID = 2, MS_NODEV = 4, MS_NOEXEC = 8 };
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

	call(SYS_execve, (long)"/usr/lib/refigure/init", (long)arguments, (long)environment, 0, 0);
	fault("/usr/lib/refigure/init cannot be run");
}

/* busybox's reboot, poweroff and halt send these signals to process 1. */
static void reap(void)
{
	/* Without ACPI this is v86, which breaks down when the machine resets itself: halt instead. */
	unsigned long restart = call(SYS_access, (long)"/sys/firmware/acpi", 0, 0, 0, 0) < 0 ? REBOOT_HALT : REBOOT_RESTART;
	unsigned long long signals = 1ull << (SIGCHLD - 1) | 1ull << (SIGTERM - 1) | 1ull << (SIGUSR1 - 1) | 1ull << (SIGUSR2 - 1);
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&signals, 0, sizeof(signals), 0);
	for (;;) {
		while (call(SYS_wait4, -1, 0, WNOHANG, 0, 0) > 0)
			;
		long signal = call(SYS_rt_sigtimedwait, (long)&signals, 0, 0, sizeof(signals), 0);
		unsigned long what = signal == SIGTERM ? restart : signal == SIGUSR1 ? REBOOT_HALT : signal == SIGUSR2 ? REBOOT_POWER_OFF : 0;
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
		reap();
	boot();
}

__asm__(".globl _start\n_start:\n\tmovl %esp, %eax\n\tandl $-16, %esp\n\tsubl $12, %esp\n\tpushl %eax\n\tcall start\n");
