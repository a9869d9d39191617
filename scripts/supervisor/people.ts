/** The people of the demo: one for each role, and a second responder who is the escalation. */
export const demoPeople = [
  { email: 'ada@studio.example', name: 'Ada', role: 'responder', teams: ['media-platform'] },
  { email: 'grace@studio.example', name: 'Grace', role: 'responder', teams: ['media-platform'] },
  { email: 'linus@studio.example', name: 'Linus', role: 'product', teams: ['voice'] },
  { email: 'vera@studio.example', name: 'Vera', role: 'viewer', teams: [] },
  { email: 'root@studio.example', name: 'Root', role: 'admin', teams: [] },
] as const;
