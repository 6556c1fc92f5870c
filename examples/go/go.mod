module crm-core.example/order

go 1.21
