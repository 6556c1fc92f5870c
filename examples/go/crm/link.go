//go:build !crm_installed

package crm

// Links what `cargo library --release` left in target/release. CGO_LDFLAGS=-L… names another folder, which comes first.

/*
#cgo CFLAGS: -I${SRCDIR}/../../../crm-ffi/include
#cgo LDFLAGS: -L${SRCDIR}/../../../target/release
#cgo linux LDFLAGS: -l:libcrm.a -lpthread -ldl -lm
#cgo !linux LDFLAGS: -lcrm
*/
import "C"
