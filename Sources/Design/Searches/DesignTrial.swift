/// What was tried for a candidate, and what came of it.
package struct DesignTrial: Sendable {
    package var decoration: Decoration
    package var x: [Double]
    package var loss: Double
    package var values: [Double]

    package init(decoration: Decoration, x: [Double], loss: Double = 0, values: [Double] = []) {
        (self.decoration, self.x, self.loss, self.values) = (decoration, x, loss, values)
    }
}
