import { AditError, LOCAL_USER, type User } from '#model';
import type { Session } from '#store';
import { SessionAnswer, type AnswerContext, type Answers } from '../answer.ts';
import { callerOfSession, type Caller } from '../caller.ts';

/** Long enough to find the terminal and the browser. */
const OWN_LINK_MS = 15 * 60_000;
/** An invitation may have to wait for its reader. */
const INVITATION_MS = 3 * 24 * 3_600_000;

export function accountAnswers({
  workbench: { workspace },
  streams,
}: AnswerContext): Pick<
  Answers,
  | 'getSession'
  | 'signIn'
  | 'signOut'
  | 'changeOwnPassword'
  | 'listSessions'
  | 'endSession'
  | 'listPeople'
  | 'listUsers'
  | 'addUser'
  | 'changeUser'
  | 'removeUser'
  | 'setUserPassword'
  | 'addSignInLink'
  | 'endUserSessions'
> {
  const { users, sessions, throttle, sharing, projects } = workspace;

  const whoIs = async (caller: Caller | undefined) => {
    const { user, linkedProject } = caller?.person ?? {};
    const { id, name, role, hasPassword } =
      user === undefined ? ({} as Partial<User>) : await users.find(user);
    const project = linkedProject === undefined ? undefined : await projects.find(linkedProject);
    const { session } = caller ?? {};
    return {
      isSignedIn: caller !== undefined,
      ...(id !== undefined && { user: { id, name, role, hasPassword } }),
      ...(project !== undefined && { guestOf: { project: project.id, name: project.name } }),
      scopes: caller?.scopes ?? [],
      ...(session !== undefined && {
        session: { id: session.id, expiresAt: session.expiresAt.toISOString() },
      }),
    };
  };
  const userByPassword = async (given: string, password: string, address: string): Promise<User> => {
    const name = given.trim().toLowerCase();
    const waitMs = await throttle.attempt(name, address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      throw new AditError('sign-in-throttled', `Too many failed sign-ins: wait ${seconds} seconds.`, {
        advice: 'A sign-in link works meanwhile: adit login-link.',
        retryAfterSeconds: seconds,
      });
    }
    const user = await users.check(name, password);
    if (user === undefined) throw refused('There is no such user with this password.');
    await throttle.succeeded(name, address);
    return user;
  };
  /** The owner's account is the owner's alone: other administrators do not come in by it. */
  const userFor = async (caller: Caller, id: string): Promise<User> => {
    const user = await users.find(id);
    if (user.id === LOCAL_USER.id && caller.person.user !== LOCAL_USER.id)
      throw new AditError('right-missing', 'Only the owner of the data directory changes this account.');
    return user;
  };
  const addLink = async (user: User, lifeMs: number) => {
    const { secret, expiresAt } = await users.addSignInLink(user.id, lifeMs);
    // After the #: it never goes to a server by itself, nor into a log.
    return { path: `/sign-in#token=${secret}`, expiresAt: expiresAt.toISOString() };
  };

  const endStreamsOf = (user: string): void => streams.end(({ person }) => person.user === user);

  return {
    getSession: ({ caller }) => whoIs(caller),
    signIn: async ({ body, caller, from }) => {
      let whose: { user: string } | { link: string };
      if ('name' in body) whose = { user: (await userByPassword(body.name, body.password, from.address)).id };
      else if ('token' in body) {
        const user = await users.takeSignInLink(body.token);
        if (user === undefined) throw refused('This sign-in link was used already, or is too old.');
        whose = { user: user.id };
      } else {
        const link = await sharing.link(body.guestToken);
        if (link === undefined) throw refused('This guest link is not valid, or no longer.');
        whose = { link: link.id };
      }
      // A session is never carried over into another sign-in.
      if (caller?.session !== undefined) await sessions.end(caller.session.id);
      const begun = await sessions.begin(whose, from);
      const session = await sessions.check(begun.secret);
      return new SessionAnswer(await whoIs(session && callerOfSession(session)), begun);
    },
    signOut: async ({ caller }) => {
      const { session } = caller ?? {};
      if (session !== undefined) {
        await sessions.end(session.id);
        streams.end((each) => each.session?.id === session.id);
      }
      return new SessionAnswer(undefined, undefined);
    },
    changeOwnPassword: async ({ body, caller, from }) => {
      const user = await users.find(caller.person.user!); // signed in
      if (user.hasPassword) await userByPassword(user.name, body.current ?? '', from.address);
      await users.setPassword(user.id, body.password, caller.session?.id);
    },
    listSessions: async ({ caller }) => ({
      sessions: (await sessions.list(caller.person.user!)).map((session) => sessionJson(session, caller)),
    }),
    endSession: async ({ params, caller }) => {
      if (!(await sessions.end(params.id, caller.person.user!)))
        throw new AditError('unknown-session', 'You have no such session.');
      streams.end((each) => each.session?.id === params.id);
    },
    listPeople: async () => ({
      people: (await users.list()).map(({ id, name, role }) => ({ id, name, role })),
    }),
    listUsers: async () => ({ users: (await users.list()).map(userJson) }),
    addUser: async ({ body }) => {
      const user = await users.add(body.name, body.role);
      return { user: userJson(user), signInLink: await addLink(user, INVITATION_MS) };
    },
    changeUser: async ({ params, body, caller }) => {
      const { id } = await userFor(caller, params.id);
      const user = await users.setRole(id, body.role);
      await sessions.endAll(id);
      endStreamsOf(id);
      return userJson(user);
    },
    removeUser: async ({ params, caller }) => {
      const { id } = await userFor(caller, params.id);
      await users.remove(id);
      endStreamsOf(id);
    },
    setUserPassword: async ({ params, body, caller }) => {
      const { id } = await userFor(caller, params.id);
      await users.setPassword(id, body.password);
      endStreamsOf(id);
    },
    addSignInLink: async ({ params, caller }) => {
      const user = await userFor(caller, params.id);
      return addLink(user, user.id === LOCAL_USER.id ? OWN_LINK_MS : INVITATION_MS);
    },
    endUserSessions: async ({ params, caller }) => {
      const { id } = await userFor(caller, params.id);
      endStreamsOf(id);
      return { ended: await sessions.endAll(id) };
    },
  };
}

function refused(sentence: string): AditError {
  return new AditError('sign-in-refused', sentence, {
    advice: 'Ask an administrator for a sign-in link; on the server itself: adit login-link.',
  });
}

const userJson = ({ createdAt, lastSignInAt, ...user }: User) => ({
  ...user,
  isLocalOwner: user.id === LOCAL_USER.id,
  createdAt: createdAt.toISOString(),
  ...(lastSignInAt !== undefined && { lastSignInAt: lastSignInAt.toISOString() }),
});

const sessionJson = (
  { id, createdAt, lastSeenAt, expiresAt, address, agent }: Session,
  { session }: Caller,
) => ({
  id,
  isThisOne: id === session?.id,
  createdAt: createdAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  address,
  agent,
});
