/// How often a search that began anew ended in the minimum that was taken. A minimum that was met once among hundreds of starts
/// may have better ones beside it that were met by none.
package struct SearchConfirmation: Sendable, Hashable {
    /// Separate beginnings that led there, by however many hops. Moves around the given coordinates are beginnings of their own
    /// where coordinates are few, and one together where there are many.
    package var beginnings: Int
    /// Descents in all.
    package var starts: Int
    /// What was searched; without any there is nothing to confirm.
    package var coordinates: Int

    package init(beginnings: Int, starts: Int, coordinates: Int) {
        (self.beginnings, self.starts, self.coordinates) = (beginnings, starts, coordinates)
    }
}
