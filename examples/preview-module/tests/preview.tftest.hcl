# The providers are mocks, so the tests need no ledger and record nothing.
#
# A real lease sets `active` in its first plan. A mock sets it only with `override_during`, which needs Terraform 1.11
# or newer.

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

run "no_debug_port_is_open_without_a_request" {
  command = apply

  assert {
    condition     = length(output.debug_ports) == 0
    error_message = "A debug port is open without a request."
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
