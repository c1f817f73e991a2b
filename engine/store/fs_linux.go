package store

import "syscall"

// networkMagic holds the numbers by which statfs(2) knows network file systems.
var networkMagic = map[uint32]string{
	0x6969:     "NFS",
	0x517B:     "SMB",
	0xFF534D42: "CIFS",
	0xFE534D42: "SMB2",
	0x564C:     "NCP",
	0x5346414F: "AFS",
	0x73757245: "Coda",
	0x00C36400: "Ceph",
}

// networkDrive names the network file system that dir is on; "" for a local one.
func networkDrive(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "" // opening the files will tell
	}
	return networkMagic[uint32(s.Type)] //nolint:gosec // the numbers have 32 bits
}
