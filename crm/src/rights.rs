//! Who may do what: the one place that says so, for HTTP and for live events alike.

use crate::text_enum::text_enum;
use crate::words::Role;

text_enum! {
    /// The words are part of the API.
    pub enum Right {
        HandleCalls = "handle_calls",
        PlaceCalls = "place_calls",
        ViewWall = "view_wall",
        ViewContacts = "view_contacts",
        EditContacts = "edit_contacts",
        ViewOwnCalls = "view_own_calls",
        ViewAllCalls = "view_all_calls",
        ListenOwnRecordings = "listen_own_recordings",
        ListenAllRecordings = "listen_all_recordings",
        ViewUsers = "view_users",
        ManageUsers = "manage_users",
        ViewAudit = "view_audit",
        ManageSettings = "manage_settings",
        /// Of others; everybody who handles calls sets their own.
        SetAgentState = "set_agent_state",
        PlaceTestCalls = "place_test_calls",
        ViewQueues = "view_queues",
        /// What was said in SIP about a call: more than its numbers, less than its sound.
        ViewTraces = "view_traces",
        /// Begin, end and pause that of any call; of their own, everybody who handles calls.
        ControlRecordings = "control_recordings",
        /// Keep recordings from being deleted by rule, let go of them again, and prove them whole.
        HoldRecordings = "hold_recordings",
    }
}

/// Whether users of this role have the right.
pub const fn may(role: Role, right: Right) -> bool {
    use Right as R;
    match role {
        Role::Admin => true,
        Role::Supervisor => !matches!(right, R::ManageUsers | R::ManageSettings | R::ViewAudit),
        Role::Agent => matches!(
            right,
            R::HandleCalls
                | R::PlaceCalls
                | R::ViewContacts
                | R::EditContacts
                | R::ViewOwnCalls
                | R::ListenOwnRecordings
                | R::PlaceTestCalls
                | R::ViewQueues
        ),
        // Plans whom to call and write to, handles no calls, hears nobody.
        Role::Marketer => matches!(right, R::ViewContacts | R::EditContacts | R::ViewQueues),
    }
}

/// All rights of a role.
pub fn of(role: Role) -> Vec<Right> {
    Right::ALL.iter().copied().filter(|right| may(role, *right)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as the manual shows it: a change of rights has to be made in two places, on
    /// purpose.
    const TABLE: [(&str, [Role; 4], &str); 19] = {
        const ROLES: [Role; 4] = [Role::Admin, Role::Supervisor, Role::Agent, Role::Marketer];
        [
            ("handle_calls", ROLES, "yyy-"),
            ("place_calls", ROLES, "yyy-"),
            ("view_wall", ROLES, "yy--"),
            ("view_contacts", ROLES, "yyyy"),
            ("edit_contacts", ROLES, "yyyy"),
            ("view_own_calls", ROLES, "yyy-"),
            ("view_all_calls", ROLES, "yy--"),
            ("listen_own_recordings", ROLES, "yyy-"),
            ("listen_all_recordings", ROLES, "yy--"),
            ("view_users", ROLES, "yy--"),
            ("manage_users", ROLES, "y---"),
            ("view_audit", ROLES, "y---"),
            ("manage_settings", ROLES, "y---"),
            ("set_agent_state", ROLES, "yy--"),
            ("place_test_calls", ROLES, "yyy-"),
            ("view_queues", ROLES, "yyyy"),
            ("view_traces", ROLES, "yy--"),
            ("control_recordings", ROLES, "yy--"),
            ("hold_recordings", ROLES, "yy--"),
        ]
    };

    #[test]
    fn the_table_of_rights() {
        assert_eq!(TABLE.len(), Right::ALL.len());
        for (word, roles, row) in TABLE {
            let right: Right = word.parse().expect("a right");
            for (role, cell) in roles.into_iter().zip(row.chars()) {
                assert_eq!(may(role, right), cell == 'y', "{role} {word}");
            }
        }
    }

    #[test]
    fn of_is_may() {
        assert_eq!(of(Role::Admin), Right::ALL);
        assert_eq!(of(Role::Marketer), [Right::ViewContacts, Right::EditContacts, Right::ViewQueues]);
    }
}
