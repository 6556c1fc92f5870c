//go:build crm_installed

package crm

// Links the installed library, which pkg-config finds.

// #cgo pkg-config: crm
import "C"
