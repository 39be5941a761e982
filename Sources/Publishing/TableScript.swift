/// What lets a reader sort a table by its heads and look for rows: one script for all tables of a page.
enum TableScript {
    /// A table of fewer rows is seen whole.
    static let sortedFrom = 6
    static let filteredFrom = 20

    /// Numbers by value, with `−` for minus and an uncertainty in brackets; what is no number stands behind them.
    static let text = """
        document.querySelectorAll('table.sorts').forEach(function(t){
        var b=t.tBodies[0],heads=Array.from(t.tHead.rows[0].cells),rows=Array.from(b.rows);
        function key(r,i){var s=r.cells[i].textContent.trim(),n=parseFloat(s.replace(/[−–]/,'-').replace(/,/g,''));return{s:s,n:isNaN(n)?null:n}}
        function order(p,q){return p.n!==null&&q.n!==null?p.n-q.n:p.n!==null?-1:q.n!==null?1:p.s.localeCompare(q.s)}
        heads.forEach(function(h,i){var q=document.createElement('button');q.type='button';while(h.firstChild)q.append(h.firstChild);h.append(q);
        q.addEventListener('click',function(){var up=h.getAttribute('aria-sort')!=='ascending';heads.forEach(function(x){x.removeAttribute('aria-sort')});h.setAttribute('aria-sort',up?'ascending':'descending');
        rows.map(function(r){return{k:key(r,i),r:r}}).sort(function(p,q){var v=order(p.k,q.k);return up?v:-v}).forEach(function(p){b.append(p.r)})})});
        if(rows.length<+t.dataset.filter)return;
        var f=document.createElement('input');f.type='search';f.className='find';f.placeholder='Find rows';f.setAttribute('aria-label','Find rows');t.parentNode.before(f);
        f.addEventListener('input',function(){var w=f.value.toLowerCase();rows.forEach(function(r){r.hidden=!r.textContent.toLowerCase().includes(w)})})});
        """
}
