import Client
import Model

/// Where an editor sits: in which room, who counts its edits, and how it gets there.
struct Seat {
    /// Of the room's editors, from 0.
    let number: Int
    let room: Identifier
    unowned let board: RoomBoard
    unowned let tally: Tally
    let endpoint: Endpoint
    let token: String
}
