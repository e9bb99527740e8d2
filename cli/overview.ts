/** `pdfmagic --help`: on one screen of 80 x 24, what a newcomer needs. */
import type { Command, Help } from 'commander';

/** Names of the groups, in their order; the commands of the last are only named. */
export const GROUPS = { first: 'First:', use: 'Use:', stack: 'Stack:', more: 'More:' } as const;

/** Formats the help of the whole program. */
export function formatOverview(program: Command, help: Help): string {
  const commands = help.visibleCommands(program);
  const lines = Object.values(GROUPS).flatMap((group) => {
    const members = commands.filter((command) => command.helpGroup() === group);
    if (group === GROUPS.more) return [`${group} ${members.map((command) => command.name()).join(', ')}`];
    return [group, ...members.map((command) => `  ${command.name().padEnd(9)} ${command.summary()}`)];
  });
  return `${program.description()}

Usage: pdfmagic COMMAND [options]      pdfmagic COMMAND --help shows its options
${lines.join('\n')}
Examples:
  pdfmagic start --once
  pdfmagic convert *.jpg -o pdfs
  pdfmagic status --stack ada --json
`;
}
