/**
 * What systems and editors leave in any folder that somebody looks into. It is no part of a run, and its presence is no
 * tampering. A file of such a name that the manifest has is evidence like any other.
 */
const names: readonly RegExp[] = [
  /^\.DS_Store$/, // the Finder of macOS
  /^\._/, // macOS, on file systems that have no room for what it knows of a file
  /^Thumbs\.db$/i, // Windows
  /^desktop\.ini$/i,
  /^\.directory$/, // KDE
  /~$/, // copies of Emacs, Vim, gedit and others
  /^\..*\.sw[a-p]$/, // Vim, of a file that is open
  /^#.*#$/, // Emacs, of a file that was not saved
  /^\.#/, // and its lock, a link that leads nowhere
  /^\.idea$/,
  /^\.vscode$/,
  /\.\d+\.new$/, // ours: a file whose writing was cut off (src/core/replace-file.ts)
];

/** Whether a path of a run's folder is of that kind, or lies in a folder that is. */
export function isOverlooked(path: string): boolean {
  return path.split('/').some((part) => names.some((name) => name.test(part)));
}
