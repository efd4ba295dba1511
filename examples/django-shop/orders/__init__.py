"""The app: orders that are shipped with a mail to each customer, and the mails that customers send back."""
