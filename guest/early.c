/*
 * The first program in the guest: mounts the file systems, then becomes the shell script
 * /usr/lib/refigure/init (guest/init). Programs and libraries lie in a squashfs image, which is
 * read piece by piece as they are used; unpacking all of them at boot would take seconds in an
 * emulator. Done in C, without a C library and without a single fork, because each process
 * started from a script would cost tens of milliseconds there.
 */

enum { SYS_exit = 1, SYS_write = 4, SYS_open = 5, SYS_execve = 11, SYS_mount = 21, SYS_mkdir = 39, SYS_ioctl = 54, SYS_pause = 29 };
enum { O_RDONLY = 0, O_RDWR = 2 };
enum { MS_RDONLY = 1, MS_NOSUID = 2, MS_NODEV = 4, MS_NOEXEC = 8 };
/* linux/loop.h: LOOP_CONFIGURE takes a struct loop_config of 304 bytes: fd, block size, loop_info64... */
enum { LOOP_CONFIGURE = 0x4C0A };
struct loop_config {
	unsigned int fd, block_size;
	unsigned char info[232]; /* struct loop_info64 */
	unsigned long long reserved[8];
};

static long call(long number, long a, long b, long c, long d, long e)
{
	long result;
	__asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return result;
}

static unsigned length(const char *text)
{
	unsigned n = 0;
	while (text[n])
		n++;
	return n;
}

/* Says on the console what failed, in the form of the boot contract, and stays. */
static void fault(const char *what)
{
	long console = call(SYS_open, (long)"/dev/ttyS0", O_RDWR, 0, 0, 0);
	if (console < 0)
		console = 1;
	const char *parts[] = { "refigure-guest: fault ", what, "\n" };
	for (int i = 0; i < 3; i++)
		call(SYS_write, console, (long)parts[i], length(parts[i]), 0, 0);
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
	static struct loop_config config; /* all zero: no offset, no size limit, no flags */
	long image = call(SYS_open, (long)"/usr.squashfs", O_RDONLY, 0, 0, 0);
	long loop = call(SYS_open, (long)"/dev/loop0", O_RDONLY, 0, 0, 0);
	if (image < 0 || loop < 0)
		fault("/usr.squashfs or /dev/loop0 cannot be opened");
	config.fd = image;
	if (call(SYS_ioctl, loop, LOOP_CONFIGURE, (long)&config, 0, 0) < 0)
		fault("/usr.squashfs cannot be attached to /dev/loop0");
	mount("squashfs", "/dev/loop0", "/usr", MS_RDONLY | MS_NODEV, 0);
}

__attribute__((used, noreturn)) static void start(char **environment_and_arguments)
{
	static char *const arguments[] = { "init", 0 };
	static char *const environment[] = { "HOME=/", "TERM=linux", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0 };
	(void)environment_and_arguments;

	mount("devtmpfs", "dev", "/dev", MS_NOSUID, "mode=755");
	mount_usr();
	mount("proc", "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
	mount("sysfs", "sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
	mount("tmpfs", "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755");
	mount("tmpfs", "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777");
	call(SYS_mkdir, (long)"/dev/pts", 0755, 0, 0, 0);
	mount("devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "gid=5,mode=620,ptmxmode=666");
	call(SYS_mkdir, (long)"/dev/shm", 01777, 0, 0, 0);
	mount("tmpfs", "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777");

	call(SYS_execve, (long)"/usr/lib/refigure/init", (long)arguments, (long)environment, 0, 0);
	fault("/usr/lib/refigure/init cannot be run");
	__builtin_unreachable();
}

__asm__(".globl _start\n_start:\n\txorl %ebp, %ebp\n\tandl $-16, %esp\n\tsubl $12, %esp\n\tpushl $0\n\tcall start\n");
