package sqlite_test

import (
	"testing"

	"qunxian/store"
	"qunxian/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Backend { return open(t) })
}
