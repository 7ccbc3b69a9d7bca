//! One order, from its names to its certificate (RFC 8555 section 7.4).

use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};

use super::challenges::Challenges;
use super::error::AcmeError;

/// How long the authority may take to confirm, and again to issue.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(120);

/// Certificate, authorities and key in PEM.
///
/// # Errors
/// As [`AcmeError`] says.
pub async fn place(
    account: &Account,
    names: &[String],
    challenges: &Challenges,
) -> Result<String, AcmeError> {
    let identifiers: Vec<Identifier> = names.iter().map(|name| Identifier::Dns(name.clone())).collect();
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    let mut shown = Vec::new();
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        // Confirmed for an earlier order.
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let mut challenge = authorization.challenge(ChallengeType::Http01).ok_or(AcmeError::NoHttp)?;
        shown.push(challenges.show(&challenge.token, challenge.key_authorization().as_str()));
        challenge.set_ready().await?;
    }
    let patience = RetryPolicy::new().timeout(CONFIRMED_WITHIN);
    match order.poll_ready(&patience).await {
        Ok(OrderStatus::Ready) => {}
        Ok(_) => return Err(unconfirmed(&mut order).await?),
        Err(error @ instant_acme::Error::Api(_)) => {
            return Err(unconfirmed(&mut order).await.unwrap_or_else(|_| error.into()));
        }
        Err(error) => return Err(error.into()),
    }
    drop(shown);
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&patience).await?;
    Ok(format!("{}\n{key}", chain.trim_end()))
}

/// Which name it was, and what the authority saw there.
async fn unconfirmed(order: &mut Order) -> Result<AcmeError, AcmeError> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        let state = authorization.refresh().await?;
        let name = state.identifier().to_string();
        if let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref()) {
            return Ok(AcmeError::Unconfirmed { name, reason: problem.to_string() });
        }
    }
    Ok(AcmeError::Unconfirmed { name: "a name".to_owned(), reason: "it does not say why".to_owned() })
}
