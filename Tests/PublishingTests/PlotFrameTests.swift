import Foundation
import Publishing
import Testing

@Suite("PlotFrame") struct PlotFrameTests {
    @Test("the page's script and gnuplot get the same frame") func agreement() throws {
        let frame = PlotFrame(left: 0.1, right: 0.9, top: 0.95, bottom: 0.125)
        let object = try JSONSerialization.jsonObject(with: Data("{\(frame.members)}".utf8))
        let members = try #require(object as? [String: Double])
        #expect(members == ["left": 0.1, "right": 0.9, "top": 0.95, "bottom": 0.125])
        for (side, letter) in [("left", "l"), ("right", "r"), ("top", "t"), ("bottom", "b")] {
            let value = try #require(members[side])
            #expect(frame.margins.contains("set \(letter)margin at screen \(value)"))
        }
    }
}
