/// The largest number that divides both, of any signs; 1 for (0, 0), so that it may always divide.
package func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a.magnitude, b.magnitude)
    while y != 0 { (x, y) = (y, x % y) }
    return max(Int(x), 1)
}
