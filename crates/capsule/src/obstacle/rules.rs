//! The table: which argument of which type of resource stands in the way of a destroy, as the documentation of the
//! providers says. Data only.
//!
//! A default counts only where it has been the same in every version in use for years; where it changed with a major
//! version, only what is written counts.

use super::Effect;

/// One argument that resists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Types of resources.
    pub types: &'static [&'static str],
    /// The argument; one in a block has the block before it, with a dot.
    pub path: &'static str,
    /// Which value resists.
    pub resists: Resists,
    /// An argument that makes it harmless, whatever its value.
    pub unless: Option<&'static str>,
    /// What becomes of the destroy.
    pub effect: Effect,
    /// What to write instead.
    pub instead: &'static str,
}

/// Which value resists. What is not known never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resists {
    /// `true`; the default is `false`, or differs between versions.
    True,
    /// `true`, which is the default.
    NotFalse,
    /// `false`, which is the default.
    NotTrue,
    /// This text.
    Text(&'static str),
    /// This text, which is the default.
    TextOrAbsent(&'static str),
}

const fn rule(
    types: &'static [&'static str],
    path: &'static str,
    resists: Resists,
    effect: Effect,
    instead: &'static str,
) -> Rule {
    Rule {
        types,
        path,
        resists,
        unless: None,
        effect,
        instead,
    }
}

/// Every rule, by provider.
pub const RULES: &[Rule] = &[
    // hashicorp/aws
    rule(
        &[
            "aws_db_instance",
            "aws_rds_cluster",
            "aws_rds_global_cluster",
            "aws_docdb_cluster",
            "aws_docdb_global_cluster",
            "aws_neptune_cluster",
            "aws_neptune_global_cluster",
            "aws_eks_cluster",
        ],
        "deletion_protection",
        Resists::True,
        Effect::Refused,
        "set `deletion_protection = false`",
    ),
    rule(
        &["aws_qldb_ledger"],
        "deletion_protection",
        Resists::NotFalse,
        Effect::Refused,
        "set `deletion_protection = false`",
    ),
    rule(
        &["aws_cognito_user_pool"],
        "deletion_protection",
        Resists::Text("ACTIVE"),
        Effect::Refused,
        "set `deletion_protection = \"INACTIVE\"`",
    ),
    rule(
        &["aws_dynamodb_table"],
        "deletion_protection_enabled",
        Resists::True,
        Effect::Refused,
        "set `deletion_protection_enabled = false`",
    ),
    rule(
        &["aws_lb", "aws_alb"],
        "enable_deletion_protection",
        Resists::True,
        Effect::Refused,
        "set `enable_deletion_protection = false`",
    ),
    rule(
        &["aws_networkfirewall_firewall"],
        "delete_protection",
        Resists::True,
        Effect::Refused,
        "set `delete_protection = false`",
    ),
    Rule {
        types: &["aws_instance"],
        path: "disable_api_termination",
        resists: Resists::True,
        unless: Some("force_destroy"),
        effect: Effect::Refused,
        instead: "set `disable_api_termination = false`",
    },
    rule(
        &["aws_emr_cluster"],
        "termination_protection",
        Resists::True,
        Effect::Refused,
        "set `termination_protection = false`",
    ),
    Rule {
        types: &[
            "aws_db_instance",
            "aws_rds_cluster",
            "aws_docdb_cluster",
            "aws_neptune_cluster",
            "aws_redshift_cluster",
        ],
        path: "skip_final_snapshot",
        resists: Resists::NotTrue,
        unless: Some("final_snapshot_identifier"),
        effect: Effect::Refused,
        instead: "set `skip_final_snapshot = true`, or a `final_snapshot_identifier`",
    },
    rule(
        &[
            "aws_s3_bucket",
            "aws_s3_directory_bucket",
            "aws_backup_vault",
        ],
        "force_destroy",
        Resists::NotTrue,
        Effect::RefusedWhileFull,
        "set `force_destroy = true`",
    ),
    rule(
        &["aws_s3_bucket"],
        "object_lock_enabled",
        Resists::True,
        Effect::RefusedWhileFull,
        "leave it out: objects under retention cannot be deleted",
    ),
    rule(
        &["aws_ecr_repository"],
        "force_delete",
        Resists::NotTrue,
        Effect::RefusedWhileFull,
        "set `force_delete = true`",
    ),
    rule(
        &["aws_cloudwatch_log_group", "aws_lambda_layer_version"],
        "skip_destroy",
        Resists::True,
        Effect::LeftBehind,
        "set `skip_destroy = false`",
    ),
    rule(
        &["aws_cloudformation_stack_set_instance"],
        "retain_stack",
        Resists::True,
        Effect::LeftBehind,
        "set `retain_stack = false`",
    ),
    // hashicorp/google
    rule(
        &[
            "google_sql_database_instance",
            "google_container_cluster",
            "google_bigquery_table",
            "google_bigtable_instance",
            "google_spanner_database",
            "google_privateca_certificate_authority",
        ],
        "deletion_protection",
        Resists::NotFalse,
        Effect::Refused,
        "set `deletion_protection = false`",
    ),
    rule(
        &[
            "google_compute_instance",
            "google_cloud_run_v2_service",
            "google_cloud_run_v2_job",
            "google_alloydb_cluster",
            "google_folder",
            "google_workflows_workflow",
            "google_secret_manager_secret",
        ],
        "deletion_protection",
        Resists::True,
        Effect::Refused,
        "set `deletion_protection = false`",
    ),
    rule(
        &["google_sql_database_instance"],
        "settings.deletion_protection_enabled",
        Resists::True,
        Effect::Refused,
        "set `deletion_protection_enabled = false`",
    ),
    rule(
        &["google_filestore_instance", "google_redis_cluster"],
        "deletion_protection_enabled",
        Resists::True,
        Effect::Refused,
        "set `deletion_protection_enabled = false`",
    ),
    rule(
        &["google_project"],
        "deletion_policy",
        Resists::Text("PREVENT"),
        Effect::Refused,
        "set `deletion_policy = \"DELETE\"`",
    ),
    rule(
        &[
            "google_project",
            "google_sql_database",
            "google_sql_user",
            "google_service_networking_connection",
        ],
        "deletion_policy",
        Resists::Text("ABANDON"),
        Effect::LeftBehind,
        "set `deletion_policy = \"DELETE\"`, or leave it out where that is no choice",
    ),
    rule(
        &["google_firestore_database"],
        "deletion_policy",
        Resists::TextOrAbsent("ABANDON"),
        Effect::LeftBehind,
        "set `deletion_policy = \"DELETE\"`",
    ),
    rule(
        &["google_firestore_database"],
        "delete_protection_state",
        Resists::Text("DELETE_PROTECTION_ENABLED"),
        Effect::Refused,
        "set `delete_protection_state = \"DELETE_PROTECTION_DISABLED\"`",
    ),
    rule(
        &["google_storage_bucket"],
        "force_destroy",
        Resists::NotTrue,
        Effect::RefusedWhileFull,
        "set `force_destroy = true`",
    ),
    rule(
        &["google_storage_bucket"],
        "retention_policy.is_locked",
        Resists::True,
        Effect::RefusedWhileFull,
        "leave the lock out: it can never be taken back",
    ),
    rule(
        &["google_bigquery_dataset"],
        "delete_contents_on_destroy",
        Resists::NotTrue,
        Effect::RefusedWhileFull,
        "set `delete_contents_on_destroy = true`",
    ),
    // hashicorp/azurerm
    rule(
        &["azurerm_key_vault", "azurerm_app_configuration"],
        "purge_protection_enabled",
        Resists::True,
        Effect::LeftBehind,
        "set `purge_protection_enabled = false`: until it is purged, nothing new can have its name",
    ),
    rule(
        &[
            "azurerm_recovery_services_vault",
            "azurerm_data_protection_backup_vault",
        ],
        "immutability",
        Resists::Text("Locked"),
        Effect::RefusedWhileFull,
        "set `immutability = \"Disabled\"` before anything is locked",
    ),
    rule(
        &["azurerm_storage_container_immutability_policy"],
        "locked",
        Resists::True,
        Effect::RefusedWhileFull,
        "set `locked = false`: a lock can never be taken back",
    ),
    // hashicorp/kubernetes
    rule(
        &[
            "kubernetes_persistent_volume",
            "kubernetes_persistent_volume_v1",
        ],
        "spec.persistent_volume_reclaim_policy",
        Resists::Text("Retain"),
        Effect::LeftBehind,
        "set `persistent_volume_reclaim_policy = \"Delete\"`",
    ),
    rule(
        &["kubernetes_storage_class", "kubernetes_storage_class_v1"],
        "reclaim_policy",
        Resists::Text("Retain"),
        Effect::LeftBehind,
        "set `reclaim_policy = \"Delete\"`",
    ),
];
