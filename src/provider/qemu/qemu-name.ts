/** The QEMU for x86 guests, without Windows' `.exe`. */
export const qemuName = 'qemu-system-x86_64';
