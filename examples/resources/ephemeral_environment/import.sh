# By name. The id of one generation, such as env-0190163d8694739bac4a5eb0f4a0b2c1, works too.
terraform import ephemeral_environment.preview pr-128
