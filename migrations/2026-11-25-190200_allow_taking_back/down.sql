drop index agents_inactive;
revoke select (status, assignee_id) on conversations from centralino_system;
