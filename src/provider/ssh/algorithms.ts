import type { Algorithms } from 'ssh2';

/**
 * What ssh2 and OpenSSH 7.4 (CentOS 7) both offer, the strongest of each kind first: sshd_config(5) of 7.4, without
 * what has SHA-1 or CBC in it. Every later OpenSSH offers these, too.
 */
export const openSsh74: Algorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'diffie-hellman-group16-sha512'],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};
