# Import by name, or by the id of one generation, such as env-0190163d8694739bac4a5eb0f4a0b2c1.
terraform import ephemeral_environment.preview pr-128
