"""What can happen in the chat, one frozen class for each kind, a module for each subject."""
