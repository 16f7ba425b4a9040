//! The one table of diagnostics: title, cause and remedy of each. `docs/guides/diagnostics.md` is generated from it.
//!
//! A new diagnostic takes a row here and a constructor in the file of its area. `tests/it/diagnostics.rs` fails where a row
//! has no constructor, where a constructor is never called, and where `plugin` says what is not written here.

use super::title::{Row, Severity, table};

table! {
named {

"Provider block and values" {
    InvalidConfiguration: Error "Invalid Provider Configuration",
        "An argument of the provider block cannot be understood, or contradicts another.",
        "Correct the argument that the message points at; it says what would be right.";
    InvalidVariable: Error "Invalid Environment Variable",
        "A variable that stands for an argument of the provider block cannot be understood.",
        "Correct the variable, or set the argument in the provider block, which comes first. That Terraform asks for such a block only follows from this.";
    InvalidDuration: Error "Invalid Duration",
        "A duration is not a number with a unit, or is zero.",
        "Write it as `90m`, `72h`, `7d` or `1d12h`.";
    EmptyValue: Error "Empty Value",
        "An optional argument is empty.",
        "Set a value, or remove the argument.";
    IncompletePlan: Error "Incomplete Plan",
        "An apply came with values that are still unknown. Nothing was written.",
        "This is a bug in the provider or in Terraform: report it, with the plan's output.";
}

"Environments" {
    InvalidName: Error "Invalid Environment Name",
        "The name has characters, or a length, that not every cloud takes.",
        "Use lower-case letters, digits and hyphens, for example `pr-1234`; lower-case and shorten branch names.";
    MissingOwner: Error "Missing Owner",
        "Neither the resource nor the provider sets an owner.",
        "Set `owner`, or `default_owner` in the provider block, or EPHEMERAL_DEFAULT_OWNER.";
    InvalidLifetime: Error "Invalid Lifetime",
        "Two durations of `lifetime` contradict each other.",
        "Let `ttl` be at most `max`, and `hibernate_after` at most `idle`.";
    InvalidPullRequest: Error "Invalid Pull Request",
        "A part of `pull_request` names no forge, no repository or no number.",
        "Write `forge = \"github\"`, `repository = \"acme/shop\"` and a whole `number`.";
    InvalidOnExpiry: Error "Invalid On Expiry",
        "`on_expiry` is not one of its choices.",
        "Write `destroy` or `review`.";
    OverMaximum: Error "Lifetime Over The Maximum",
        "A duration is longer than the provider's `max_lifetime` allows. Nothing was created.",
        "Lower it, or raise `max_lifetime` in the provider block.";
    NameInUse: Error "Environment Name In Use",
        "A living environment of another state has this name.",
        "Choose another name; if that state is yours and gone, give the name back with `sweeper release`.";
    NameUsedTwice: Error "Environment Name Used Twice",
        "Two resources of one configuration have the same name, and one state has one environment.",
        "Remove one of the two, or keep them in two states.";
    RenewedPastTheEnd: Warning "Renewal Without Effect",
        "`triggers` changed after the hard end, so the environment stays expired.",
        "Raise `lifetime.max`, or replace the resource.";
    AlreadyOver: Error "Lifetime Already Over",
        "The ledger closed this record between the plan and the apply.",
        "Plan again to create a new one.";
    BeingDestroyed: Error "Environment Is Being Destroyed",
        "A sweeper is destroying the environment, so it cannot be changed or renewed.",
        "Wait until `sweeper show` says that it is finished, then plan again.";
    ClaimIsOver: Error "Claim Is Over",
        "EPHEMERAL_FENCE is set, and the ledger no longer has that claim. Nothing was released.",
        "Nothing, if a sweeper set it: the next pass decides anew. If you set the variable, unset it.";
}

"Identity" {
    TokenRefused: Error "Identity Token Refused",
        "The identity token is present and not valid. Nothing was changed.",
        "Request a new one for the provider's audience from an issuer that `identity` trusts, or remove it.";
    IdentityNotVerified: Warning "Identity Not Verified",
        "A token could not be obtained or checked, so the identity is recorded as claimed, not verified.",
        "Run again when the issuer answers; to refuse such runs, set `required` in `identity`.";
    IdentityRequired: Error "Verified Identity Required",
        "`identity.required` is set, and there is no verified identity. Nothing was created or changed.",
        "Give the job a token: `id-token: write` in GitHub Actions, `id_tokens` in GitLab CI/CD, else `token_file`.";
}

"Tags" {
    InvalidTag: Error "Invalid Tag",
        "A key or a value breaks a rule of one of the clouds that `tag_rules` names.",
        "Follow the rule that the message names; lower-case letters, digits, `-` and `_` are right everywhere.";
    InvalidTagValue: Error "Invalid Tag Value",
        "`owner`, `team` or `project` becomes a tag, and breaks a rule for its values.",
        "Follow the rule that the message names, for example `team = \"checkout\"`.";
    NullTag: Error "Tag Without A Value",
        "A tag's value is null.",
        "Remove the key, or give it a value.";
    ReservedTag: Error "Reserved Tag",
        "A declared tag is one of those that the provider sets itself, and would be lost.",
        "Set `name`, `owner`, `team` or `project` instead, or give the tag another key.";
    MissingTags: Error "Missing Required Tags",
        "The provider's `required_tags` names tags that are not set, or empty. Nothing was created.",
        "Add them to `tags`.";
    TooManyTags: Error "Too Many Tags",
        "The declared tags and the standard ones are together more than an object carries on AWS and Azure.",
        "Remove some of the declared ones.";
}

"Leases" {
    EmptyTarget: Error "Empty Target",
        "An element of `targets` is null or empty.",
        "Remove it, or name what the lease is for, for example `aws_instance.bastion`.";
    InvalidLease: Error "Invalid Lease Duration",
        "`ttl` is longer than `max_ttl`.",
        "Lower `ttl`, or raise `max_ttl`.";
    LeasePastItsMaximum: Error "Lease Past Its Maximum",
        "The lease reached its maximum lifetime, so it was not renewed.",
        "Raise `max_ttl`, or replace the lease.";
    UnknownEnvironment: Error "Unknown Environment",
        "`environment` names none that lives in the ledger.",
        "Refer to the resource, as in `ephemeral_environment.preview.id`, or leave the argument out.";
}

"Runs" {
    RunTtlOutOfBounds: Error "Run Lease Duration Out Of Bounds",
        "`ttl` of a run lease is shorter than `5s` or longer than `1h`.",
        "Write for example `2m`, or leave it out.";
    NullLabel: Error "Label Without A Value",
        "A label's value is null.",
        "Remove the key, or give it a value.";
    RunNotOpened: Error "Run Lease Not Opened",
        "The operating system provided no random numbers for the run's token. Nothing was recorded.",
        "Try again.";
    RunLost: Error "Run Lease Lost",
        "The run's lease was closed, or its death was noted, before it could be renewed.",
        "Look at the environment with `sweeper explain`, run Terraform again, and raise `ttl` where renewals come late.";
    RunCountedAsDead: Warning "Run Was Counted As Dead",
        "The run gave no sign of life for its whole `ttl`, and a sweep noted its death while it was at work.",
        "Look at the environment with `sweeper explain`, and raise `ttl` if the host sleeps or is slow.";
    RunNotClosed: Warning "Run Lease Not Closed",
        "The ledger did not answer when the run's lease was to be closed. The run itself is not affected.",
        "Nothing: the lease ends by its `ttl`.";
    InvalidRunToken: Error "Invalid Run Token",
        "`run_token` is not a token.",
        "Write `run_token = ephemeral.ttl_lease.run.token`.";
    UnknownRun: Error "Unknown Run",
        "The ledger has no run for this `run_token`, or could not be read.",
        "Give the provider that opens the run and this one the same `ledger`.";
    RunIsOver: Error "Run Is Over",
        "The run that `run_token` belongs to was closed, interrupted or died, and its token ended with it.",
        "Take the token from an `ephemeral \"ttl_lease\"` of this configuration, and never keep one.";
}

"Ledger" {
    Ledger: Error "Ledger Not Available",
        "The ledger could not be opened, read or written. Nothing was changed.",
        "See that it can be reached from here; `ledger` or EPHEMERAL_LEDGER says where it is.";
    LedgerNotKnown: Error "Ledger Not Known Yet",
        "`ledger` depends on a value that is only known after apply.",
        "Apply that value first, for example with `-target`, or write the location as a literal.";
    AnotherLedger: Error "Another Ledger",
        "The ledger that answers is not the one that recorded this resource, so its silence proves nothing.",
        "Point `ledger` or EPHEMERAL_LEDGER to the right one; if that is lost for good, use `terraform state rm`.";
    NoPlaceForLedger: Error "No Place For The Ledger",
        "No ledger is configured, and the default location cannot be determined: HOME is missing or relative.",
        "Set `ledger` or EPHEMERAL_LEDGER, for example to `sqlite:///var/lib/ephemeral/ledger.sqlite3`.";
    LedgerDiesWithCi: Warning "Ledger Dies With This CI Job",
        "No ledger is configured, and this looks like a CI job whose disk is discarded.",
        "Set `ledger` or EPHEMERAL_LEDGER to a place that outlives the job.";
}

"State and destruction" {
    InvalidStateAddress: Error "Invalid State Address",
        "A part of `state` is empty or has no value.",
        "Give it one, or leave `state` out: the address is then discovered.";
    StateSettingRefused: Error "Setting Not Recorded",
        "A key of `state.config` does not say where a state is, and could be a secret.",
        "Remove it; the sweeper takes credentials from its own environment.";
    StateNotDiscovered: Warning "State Not Discovered",
        "The location of this state could not be discovered, so nothing can be swept until it is known.",
        "Set `state` in the resource.";
    IncompleteCapsule: Warning "Destroy May Need Help",
        "The capsule for a later destroy is incomplete.",
        "Fix what the message lists, such as a module outside the root module's directory.";
    WillResist: Warning "Destroy Will Be Resisted",
        "A resource has `prevent_destroy`, a file cannot be read, or a provisioner at destroy has no capsule.",
        "Remove `prevent_destroy`, and fix what cannot be read or kept.";
}

"Data sources" {
    NothingSelected: Error "Nothing Selected",
        "A data source does not select a record.",
        "Set one of the two attributes that the message names.";
    SelectedTwice: Error "Selected Twice",
        "Two attributes that conflict with each other both select a record.",
        "Remove one of the two.";
    InvalidId: Error "Invalid Id",
        "A value is not the id of a record of that kind.",
        "Write it as the resource's `id` shows it.";
    InvalidSelector: Error "Invalid Selector",
        "A generation or a phase that is asked for does not exist.",
        "Correct the part that the message points at; it says what would be right.";
    NothingFound: Error "Nothing Found",
        "The ledger has no such record. That is certain for this ledger, and for no other.",
        "List the records with `sweeper list`; refer to the resource if this configuration creates it.";
    MoreThanOne: Error "More Than One Found",
        "Several records match, and none is guessed.",
        "Narrow the selector, or select one by `id`.";
    UnreadableRecords: Error "Unreadable Records",
        "Records that may match cannot be read, so the result could be incomplete.",
        "Use a version at least as new as the one that wrote them; `allow_unreadable` answers without them.";
    RecordsLeftOut: Warning "Records Left Out",
        "`allow_unreadable` is set, and the result may lack records that cannot be read.",
        "Use a version at least as new as the one that wrote them.";
}

"Functions" {
    InvalidTimestamp: Error "Invalid Timestamp",
        "A timestamp is not RFC 3339 with a zone, or the end would lie after the year 9999.",
        "Write it as `2026-02-12T06:36:13Z`.";
    EmptyText: Error "Empty Text",
        "A text, or an element of a list of texts, is empty.",
        "Name something, or remove the element.";
    InvalidLength: Error "Invalid Length",
        "The greatest length of a name is not a whole number with room for a hash, or is given twice.",
        "Give one number from 12 to 63, or none.";
    UnknownCloud: Error "Unknown Cloud",
        "`tags` was asked for the rules of a cloud that it does not know.",
        "Name `aws`, `azure`, `gcp` or `kubernetes`.";
    InvalidTags: Error "Invalid Tags",
        "`tags` was given what the named cloud would refuse.",
        "Follow the rule that the message names.";
    InvalidRule: Error "Invalid Rule",
        "A rule of `profile_for` cannot be understood.",
        "Correct the rule that the message counts; the function's page says what a rule may hold.";
}

"Import" {
    NothingToImport: Error "Nothing To Import",
        "The ledger has nothing living under that id or name.",
        "List the records with `sweeper list`, leases with `sweeper list --leases`.";
    MissingId: Error "Missing Id",
        "The state holds the resource without an id, so its record cannot be found.",
        "Remove it with `terraform state rm`, and import it again.";
}

"Actions and lists" {
    NothingToActOn: Error "Nothing To Act On",
        "The ledger has nothing living under the id or name that the action names.",
        "List the records with `sweeper list`.";
    InvalidReason: Error "Invalid Reason",
        "`reason` is empty, has several lines, or is longer than a table can show.",
        "Write one line that says why, and keep the rest in a ticket.";
    InvalidTime: Error "Invalid Time",
        "An argument that names a point in time is not written in RFC 3339.",
        "Write it as `2026-03-01T18:00:00Z`.";
    LengthUnclear: Error "Extension Without A Length",
        "Both `by` and `until` are set, or neither.",
        "Set one of them.";
    NotExtended: Error "Not Extended",
        "The record cannot live as long as was asked for. Nothing was changed.",
        "Request a later end within the maximum, or raise the maximum in the configuration.";
    NotHeld: Error "Not Held",
        "The environment is over, or already held for longer. Nothing was changed.",
        "Leave the hold there is, or lift it first with `sweeper unhold`.";
    PerhapsTooLate: Warning "Perhaps Too Late",
        "A sweeper was at work on the environment when it was extended or held.",
        "Look at what is left of it with `sweeper explain`.";
    ListWithGaps: Warning "List With Gaps",
        "The ledger holds records that cannot be read, so a list may lack some.",
        "See why with `sweeper list`.";
    InvalidPhase: Error "Invalid Phase",
        "A filter names a phase that does not exist, or one that follows from use, which the ledger does not hold.",
        "Write one of the phases that the message lists.";
}

}
written {

"Protocol" {
    Error "Missing Required Value",
        "A required argument is null.",
        "Give it a value.";
    Error "Value for a Read-Only Attribute",
        "The configuration sets what only the provider sets.",
        "Remove it from the configuration.";
    Error "Write-Only Attribute Not Supported",
        "The configuration gives a value that must never be stored, to a version of Terraform that would store it.",
        "Remove it, or use Terraform 1.11, OpenTofu 1.11 or newer.";
    Error "Unsupported Attribute",
        "The configuration or the state has an attribute that this version of the provider does not have.",
        "Remove it, or use a version of the provider that has it.";
    Error "Wrong Type",
        "A value has another type than its attribute.",
        "Write a value of the type that the message names.";
    Error "Unusable Value",
        "A value has the right type and cannot be used, such as a fraction where a whole number is needed.",
        "Correct the value that the message points at.";
    Error "Import Needs an Id",
        "An import came without an id and without an identity.",
        "Write `id` or `identity` in the import block, or give the id on the command line.";
    Error "Move Not Supported",
        "A `moved` block leads from another provider's resource, or from another type.",
        "Remove the block, and take over the object with an `import` block.";
    Error "Unsupported Resource Type",
        "This provider has no such type of resource.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported Data Source",
        "This provider has no such data source.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported Function",
        "This provider has no such function.",
        "Correct the name, or use a version of the provider that has it.";
    Error "Unknown Value on Reading",
        "A data source was to be read with a value that is still unknown.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Unknown Value on Applying",
        "A change was to be applied with a configured value that is still unknown. Nothing was written.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Unknown Value on Opening",
        "An ephemeral resource was to be opened with a value that is still unknown.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Unsupported Ephemeral Resource",
        "This provider has no such ephemeral resource.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported List Resource",
        "This provider has no such list resource.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported Action",
        "This provider has no such action.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported State Store",
        "This provider has no such state store.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unsupported Resource Identity",
        "This provider has no such resource type with an identity.",
        "Correct the type, or use a version of the provider that has it.";
    Error "Unusable Identity",
        "An identity lacks a part, or has one that its type does not know.",
        "Write each part that the resource's documentation names, as in `identity = { id = \"…\" }`.";
    Error "Unreadable Identity",
        "The stored identity of a resource is damaged.",
        "Restore the state from a backup.";
    Error "Unsupported Identity Version",
        "The identity was written by a newer version of the provider.",
        "Use a version at least as new as that one.";
    Error "Unknown Value in a List",
        "A list was asked for by a filter that is still unknown.",
        "Filter by what is known, or apply first what the filter follows from.";
    Error "Unknown Value in an Action",
        "An action was to work on a value that is still unknown.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Impossible List Resource",
        "The provider's own definition contradicts itself.",
        "This is a bug in the provider: report it.";
    Error "Unsupported State Version",
        "The state was written by a newer version of the provider.",
        "Use a version at least as new as that one.";
    Error "Unreadable State",
        "The stored state is damaged, or older than Terraform 0.12.",
        "Restore the state from a backup.";
    Error "Unreadable Private State",
        "What the provider keeps beside the state of a resource is damaged.",
        "Restore the state if it was edited by hand; otherwise report it.";
    Error "Unreadable Value",
        "A message of Terraform holds no value that can be read.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Missing Argument",
        "A function was called with fewer arguments than it has parameters.",
        "Give the argument that the message names.";
    Error "Too Many Arguments",
        "A function was called with more arguments than it has parameters.",
        "Remove what the function's page does not list.";
    Error "Null Argument",
        "An argument of a function is null, and it takes none.",
        "Give it a value.";
    Error "Unknown Argument",
        "A function was called before one of its arguments is known.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Unreadable Argument",
        "An argument of a function holds no value that can be read.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Change from Nothing to Nothing",
        "A change came for a resource that neither exists nor is wanted.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Provider Not Configured",
        "The provider was asked to work before it was configured.",
        "This is a bug in Terraform or in the program that drives the provider: report it there.";
    Error "Provider Panicked",
        "The provider failed unexpectedly. What was recorded before stays recorded.",
        "This is a bug in the provider: report it with the text of the message.";
    Error "No Answer from the Provider",
        "The provider ended a step without a result and without a reason.",
        "This is a bug in the provider: report it.";
    Error "Provider Produced an Unsendable Value",
        "The provider made a value that does not fit its own schema.",
        "This is a bug in the provider: report it.";
    Error "Impossible Write-Only Attribute",
        "The provider's own definition contradicts itself.",
        "This is a bug in the provider: report it.";
}

}
}
