# The providers are mocked, so no ledger is needed and nothing is recorded.
#
# A lease knows `active` in its first plan, and a mock does not unless it is told to: `override_during`, which Terraform
# has since 1.11.

mock_provider "ephemeral" {
  mock_resource "ephemeral_environment" {
    defaults = {
      default_tags = {
        ephemeral-environment = "pr-128"
        ephemeral-owner       = "ana"
      }
    }
  }
}

mock_provider "ttl" {}

variables {
  number = 128
  owner  = "ana"
}

run "a_preview_is_named_after_its_pull_request" {
  command = plan

  assert {
    condition     = ephemeral_environment.preview.name == "pr-128"
    error_message = "The name of the environment is not pr-128."
  }

  assert {
    condition     = ephemeral_environment.preview.lifetime.ttl == "72h"
    error_message = "A preview lives for 72 hours from its last push."
  }
}

run "a_bot_can_answer_for_one" {
  command = plan

  variables {
    owner = "dependabot[bot]"
  }

  assert {
    condition     = startswith(ephemeral_environment.preview.owner, "dependabot-bot-")
    error_message = "The owner is no valid tag."
  }
}

run "nothing_listens_for_a_debugger_unless_somebody_asked" {
  command = apply

  assert {
    condition     = length(output.debug_ports) == 0
    error_message = "There is a debug port nobody asked for."
  }
}

run "the_debug_port_is_there_while_its_lease_holds" {
  command = plan

  variables {
    debug = true
  }

  override_resource {
    target          = ttl_lease.debug
    override_during = plan
    values = {
      active = true
    }
  }

  assert {
    condition     = length(terraform_data.debug_port) == 1
    error_message = "The debug port is closed though its lease holds."
  }
}

run "the_debug_port_is_gone_once_its_lease_has_lapsed" {
  command = plan

  variables {
    debug = true
  }

  override_resource {
    target          = ttl_lease.debug
    override_during = plan
    values = {
      active = false
    }
  }

  assert {
    condition     = length(terraform_data.debug_port) == 0
    error_message = "The debug port is open though its lease has lapsed."
  }
}
