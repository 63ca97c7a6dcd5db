revoke select (status) on conversations from centralino_system;
