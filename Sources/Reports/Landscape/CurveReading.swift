import Foundation
import Publishing

/// What the pointer over a curve reads.
extension AxisPlot {
    package var reading: PointerReading {
        PointerReading(
            kind: "curve", prompt: "Move over the curve, or tap it, to read values.", hasLine: true,
            data: hoverData, script: Self.script)
    }

    /// What the page's script needs to know: at most 1,500 points a curve.
    private var hoverData: String {
        let (frame, x, y) = (Self.pageFrame, xRange, yRange)
        let list = curves.map { curve -> String in
            let every = max(1, curve.x.count / 1500)
            let kept = stride(from: 0, to: curve.x.count, by: every)
            return
                "{\"name\":\(JSONDialect.quoted(curve.name)),\"x\":\(JSONDialect.array(kept.map { curve.x[$0] })),\"y\":\(JSONDialect.array(kept.map { curve.y[$0] }))}"
        }
        return """
            {\(frame.members),\
            "axis":\(JSONDialect.quoted(axisTitle)),"range":[\(x.low),\(x.high)],"height":[\(y.low),\(y.high)],\
            "curves":[\(list.joined(separator: ","))]}
            """
    }

    /// Reads the point of every curve nearest to the pointer's place on the axis.
    private static let script = """
        document.querySelectorAll('figure.curve').forEach(function(f){
        var d=JSON.parse(f.querySelector('script').textContent),plot=f.querySelector('.plot'),line=f.querySelector('.line'),out=f.querySelector('.readout');
        function find(x,t){var a=0,b=x.length-1;while(b-a>1){var m=(a+b)>>1;if(x[m]<t)a=m;else b=m}return t-x[a]<x[b]-t?a:b}
        function read(e){var r=plot.getBoundingClientRect(),s=((e.clientX-r.left)/r.width-d.left)/(d.right-d.left);
        if(s<0||s>1)return;var t=d.range[0]+s*(d.range[1]-d.range[0]);line.style.display='block';line.style.left=(e.clientX-r.left)+'px';out.textContent='';
        function put(a,b){out.append(a);var q=document.createElement('b');q.textContent=b;out.append(q)}
        put(d.axis+' ',t.toPrecision(6));d.curves.forEach(function(c){var i=find(c.x,t),v=c.y[i];put('  '+c.name+' ',v===null?'–':v.toPrecision(5))})}
        ['pointermove','pointerdown'].forEach(function(k){plot.addEventListener(k,read)})});
        """
}
