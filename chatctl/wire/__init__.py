"""The bytes: what peers send becomes requests, events become what they are sent; no input or output here."""
