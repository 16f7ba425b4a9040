//! The suite every engine passes. Being filled.
