"""What a client may ask of the chat, one frozen class for each verb, a module for each subject."""
