// The lines that stand around what two people changed differently in a merged text. In: nothing. Out: the marks.
export const MINE_MARK = '<<<<<<< yours';
export const MIDDLE_MARK = '=======';
export const THEIRS_MARK = '>>>>>>> in the cluster';
