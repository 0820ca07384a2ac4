//! Finds, orders, chooses and opens the ECS logs of Avaya Communication Manager.
