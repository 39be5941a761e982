import Parameterization

extension Parameter {
    /// What a parameter of the cell may be: its bounds, and what it came with, where a cell has a sharper angle than one is looked
    /// for.
    func checkCell(_ value: Double, start: Double) throws(InterfaceError) {
        guard kind.isOfCell else { return }
        let (lower, upper) = (min(bounds.lowerBound, start), max(bounds.upperBound, start))
        guard value >= lower, value <= upper else {
            throw .outside(name: name, value: value, lower: lower, upper: upper)
        }
    }
}
