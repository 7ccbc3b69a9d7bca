//! What the handlers' own documents are merged into.

use utoipa::OpenApi;

use super::auth::Schemes;
use super::problem::Problem;
use crate::live;
use crate::views::Wall;

/// The frame of the OpenAPI document, with the words of the websocket beside those of the routes.
#[derive(OpenApi)]
#[openapi(
    info(title = "Centralita", description = "The HTTP API of a Centralita hub."),
    components(schemas(Problem, live::ClientMessage, live::ServerMessage, live::Event, Wall)),
    modifiers(&Schemes)
)]
pub struct Base;
