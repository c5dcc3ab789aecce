"""WeChat Official Accounts (微信公众号): callbacks in, passive replies and customer-service messages out."""
